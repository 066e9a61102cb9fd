using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace EventStreaming.Tests.PublicApi;

/// <summary>Writes an assembly's public API as text, close to C#, one line per member, in a fixed order.</summary>
internal static class ApiText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var space in assembly.GetExportedTypes().GroupBy(static type => type.Namespace ?? string.Empty, StringComparer.Ordinal).OrderBy(static space => space.Key, StringComparer.Ordinal))
        {
            text.Append("namespace ").Append(space.Key).Append(";\n\n");
            foreach (var type in space.OrderBy(static type => type.FullName, StringComparer.Ordinal))
            {
                WriteType(text, type);
            }
        }

        return text.ToString().TrimEnd() + "\n";
    }

    private static void WriteType(StringBuilder text, Type type)
    {
        text.Append("public ").Append(KindOf(type)).Append(' ').Append(TypeText.Of(type)).Append(BasesOf(type)).Append(TypeText.ConstraintsOf(type.IsGenericType ? type.GetGenericArguments() : []));
        text.Append("\n{\n");
        var lines = type.IsEnum
            ? Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)},")
            : MembersOf(type).OrderBy(static member => member.Name, StringComparer.Ordinal).ThenBy(static member => member.Text, StringComparer.Ordinal).Select(static member => member.Text);
        foreach (var line in lines)
        {
            text.Append("    ").Append(line).Append('\n');
        }

        text.Append("}\n\n");
    }

    private static string KindOf(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsValueType ? (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly struct" : "struct")
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : (type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : string.Empty) + (type.GetMethod("<Clone>$", Declared) is null ? "class" : "record");

    private static string BasesOf(Type type)
    {
        if (type.IsEnum)
        {
            return string.Empty;
        }

        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var bases = type.GetInterfaces().Except(inherited).Where(static contract => contract.IsVisible).Select(TypeText.Of).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            bases.Insert(0, TypeText.Of(parent));
        }

        return bases.Count == 0 ? string.Empty : " : " + string.Join(", ", bases);
    }

    private static IEnumerable<(string Name, string Text)> MembersOf(Type type) => type.GetMembers(Declared)
        .Where(static member => !member.IsDefined(typeof(CompilerGeneratedAttribute)) && !member.Name.Contains('<', StringComparison.Ordinal))
        .Select(static member => (member.Name, Text: TextOf(member)))
        .Where(static member => member.Text.Length > 0);

    private static string TextOf(MemberInfo member) => member switch
    {
        FieldInfo field when IsVisible(field.Attributes) => FieldText(field),
        PropertyInfo property => PropertyText(property),
        ConstructorInfo constructor when IsVisible(constructor) => $"{AccessOf(constructor)} {TypeText.NameOf(constructor.DeclaringType!)}({TypeText.ParametersOf(constructor)});",
        MethodInfo { IsSpecialName: false } method when IsVisible(method) => MethodText(method, method.Name),
        MethodInfo method when IsVisible(method) && method.Name.StartsWith("op_", StringComparison.Ordinal) => MethodText(method, "operator " + method.Name[3..]),
        EventInfo item when item.AddMethod is { } add && IsVisible(add) => $"{AccessOf(add)} event {TypeText.Of(item.EventHandlerType!)} {item.Name};",
        _ => string.Empty,
    };

    private static string FieldText(FieldInfo field) =>
        field.IsLiteral
            ? $"public const {TypeText.Of(field.FieldType)} {field.Name} = {TypeText.ValueOf(field.GetRawConstantValue())};"
            : $"public {(field.IsStatic ? "static " : string.Empty)}{(field.IsInitOnly ? "readonly " : string.Empty)}{TypeText.Of(field)} {field.Name};";

    private static string PropertyText(PropertyInfo property)
    {
        var accessors = new[] { property.GetMethod, property.SetMethod }.OfType<MethodInfo>().Where(IsVisible).ToArray();
        if (accessors.Length == 0)
        {
            return string.Empty;
        }

        var setter = property.SetMethod is { } set && IsVisible(set)
            ? set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;"
            : string.Empty;
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : string.Empty;
        return $"{AccessOf(accessors[0])} {ModifiersOf(accessors[0])}{required}{TypeText.Of(property)} {property.Name} {{{(property.GetMethod is { } get && IsVisible(get) ? " get;" : string.Empty)}{setter} }}";
    }

    private static string MethodText(MethodInfo method, string name)
    {
        var generics = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(static argument => argument.Name))}>" : string.Empty;
        var self = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : string.Empty;
        return $"{AccessOf(method)} {ModifiersOf(method)}{TypeText.Of(method.ReturnParameter)} {name}{generics}({self}{TypeText.ParametersOf(method)}){TypeText.ConstraintsOf(method.GetGenericArguments())};";
    }

    private static bool IsVisible(FieldAttributes attributes) =>
        (attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    // An explicit implementation is private and belongs to its interface.
    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string AccessOf(MethodBase method) => method.IsPublic ? "public" : "protected";

    private static string ModifiersOf(MethodInfo method) =>
        method.DeclaringType!.IsInterface ? string.Empty
        : method.IsStatic ? "static "
        : method.GetBaseDefinition() != method ? "override "
        : method.IsAbstract ? "abstract "
        : method is { IsVirtual: true, IsFinal: false } ? "virtual "
        : string.Empty;
}
