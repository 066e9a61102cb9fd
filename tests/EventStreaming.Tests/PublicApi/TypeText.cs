using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace EventStreaming.Tests.PublicApi;

/// <summary>Names of types, parameters and values as C# writes them, with nullability.</summary>
internal static class TypeText
{
    private static readonly NullabilityInfoContext s_nullability = new();

    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    public static string Of(Type type) => Of(type, nullability: null);

    public static string Of(FieldInfo field) => Of(field.FieldType, s_nullability.Create(field));

    public static string Of(PropertyInfo property) => Of(property.PropertyType, s_nullability.Create(property));

    public static string Of(ParameterInfo parameter) => Of(parameter.ParameterType, s_nullability.Create(parameter));

    public static string NameOf(Type type) => type.Name.Split('`')[0];

    public static string ParametersOf(MethodBase method) => string.Join(", ", method.GetParameters().Select(static parameter =>
        PassingOf(parameter) + Of(parameter) + ' ' + parameter.Name + (parameter.HasDefaultValue ? " = " + DefaultOf(parameter) : string.Empty)));

    public static string ConstraintsOf(IEnumerable<Type> arguments) => string.Concat(arguments
        .Where(static argument => argument.IsGenericParameter)
        .Select(static argument => (argument.Name, Rules: RulesOf(argument)))
        .Where(static argument => argument.Rules.Length > 0)
        .Select(static argument => $" where {argument.Name} : {argument.Rules}"));

    public static string ValueOf(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        Enum named => $"{Of(named.GetType())}.{named}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Of(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!, nullability);
        }

        // What a type parameter may be is its caller's to say.
        var mark = type is { IsValueType: false, IsGenericParameter: false } && nullability is { ReadState: NullabilityState.Nullable } or { ReadState: NullabilityState.Unknown, WriteState: NullabilityState.Nullable } ? "?" : string.Empty;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Of(underlying) + '?';
        }

        if (type.IsArray)
        {
            return Of(type.GetElementType()!, nullability?.ElementType) + "[]" + mark;
        }

        if (s_keywords.TryGetValue(type, out var keyword))
        {
            return keyword + mark;
        }

        return type.IsGenericType ? $"{NameOf(type)}<{ArgumentsOf(type, nullability)}>{mark}" : type.Name + mark;
    }

    private static string ArgumentsOf(Type type, NullabilityInfo? nullability) => string.Join(", ", type.GetGenericArguments().Select((argument, i) =>
        VarianceOf(argument) + Of(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(i))));

    private static string VarianceOf(Type argument) =>
        !argument.IsGenericParameter ? string.Empty
        : argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.Contravariant) ? "in "
        : argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.Covariant) ? "out "
        : string.Empty;

    private static string RulesOf(Type argument)
    {
        var rules = argument.GetGenericParameterConstraints().Where(static constraint => constraint != typeof(ValueType)).Select(Of).ToList();
        if (argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            rules.Insert(0, "class");
        }
        else if (argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
        {
            rules.Insert(0, "struct");
        }

        return string.Join(", ", rules);
    }

    private static string PassingOf(ParameterInfo parameter) =>
        !parameter.ParameterType.IsByRef ? parameter.IsDefined(typeof(ParamCollectionAttribute)) || parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : string.Empty
        : parameter.IsOut ? "out "
        : parameter.IsIn ? "in "
        : "ref ";

    private static string DefaultOf(ParameterInfo parameter) => parameter.DefaultValue switch
    {
        null when parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null => "default",
        { } value when parameter.ParameterType.IsEnum => $"{Of(parameter.ParameterType)}.{Enum.ToObject(parameter.ParameterType, value)}",
        var value => ValueOf(value),
    };
}
